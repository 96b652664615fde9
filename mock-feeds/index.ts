/** Every mock system, one line each. */
import { model as app } from "./app/model";
import { model as business } from "./business/model";
import { model as channels } from "./channels/model";
import { model as cloud } from "./cloud/model";
import { model as coupons } from "./coupons/model";
import { model as dataExchange } from "./data-exchange/model";
import { model as finance } from "./finance/model";
import { model as govServices } from "./gov-services/model";
import { model as healthCode } from "./health-code/model";
import { model as inboundCheck } from "./inbound-check/model";
import { model as maskBooking } from "./mask-booking/model";
import { model as network } from "./network/model";
import { model as office } from "./office/model";
import { model as openData } from "./open-data/model";
import { model as operationsCenter } from "./operations-center/model";
import { model as rating } from "./rating/model";
import { model as registries } from "./registries/model";
import { model as returnToWork } from "./return-to-work/model";
import { model as supervision } from "./supervision/model";
import { model as traffic } from "./traffic/model";

export const systems = [
  app, business, channels, cloud, coupons, dataExchange, finance, govServices, healthCode, inboundCheck,
  maskBooking, network, office, openData, operationsCenter, rating, registries, returnToWork, supervision, traffic,
];
