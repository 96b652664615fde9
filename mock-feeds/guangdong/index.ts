import type { MockCity } from "../kit/city";
import { model as citizens } from "./citizens/model";
import { model as companies } from "./companies/model";
import { model as data } from "./data/model";
import { model as epidemic } from "./epidemic/model";
import { model as healthCode } from "./health-code/model";
import { model as hotline } from "./hotline/model";
import { model as smallCompanies } from "./small-companies/model";
import { place } from "./place";

const systems = [citizens, companies, smallCompanies, healthCode, data, epidemic, hotline];

/** 广东: every system, one line each. */
export const city: MockCity = {
  place,
  systems,
};
