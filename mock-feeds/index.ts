/** Every place's mock feeds, one line each. */
import { city as guangdong } from "./guangdong";
import { city as hangzhou } from "./hangzhou";
import { city as lianyungang } from "./lianyungang";
import { city as zhangjiagang } from "./zhangjiagang";
import { city as zhengzhou } from "./zhengzhou";

export const cities = [lianyungang, zhangjiagang, zhengzhou, hangzhou, guangdong];
