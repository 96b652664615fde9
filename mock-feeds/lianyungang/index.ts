import type { MockCity } from "../kit/city";
import { spots } from "../kit/spots";
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
import { events } from "./operations-center/events";
import { model as operationsCenter } from "./operations-center/model";
import { model as rating } from "./rating/model";
import { model as registries } from "./registries/model";
import { model as returnToWork } from "./return-to-work/model";
import { model as supervision } from "./supervision/model";
import { model as traffic } from "./traffic/model";

import { place } from "./place";

const systems = [
  app,
  business,
  channels,
  cloud,
  coupons,
  dataExchange,
  finance,
  govServices,
  healthCode,
  inboundCheck,
  maskBooking,
  network,
  office,
  openData,
  operationsCenter,
  rating,
  registries,
  returnToWork,
  supervision,
  traffic,
];

/** 连云港: every system, one line each. */
export const city: MockCity = {
  place,
  systems,
  events,
  fleet: {
    system: "traffic",
    kinds: [
      { prefix: "bus", label: "公交", count: 130, pace: 0.7 },
      { prefix: "taxi", label: "出租", count: 90, pace: 0.95 },
      { prefix: "san", label: "环卫", count: 36, pace: 0.45 },
      { prefix: "pol", label: "巡逻", count: 24, pace: 0.8 },
      { prefix: "amb", label: "急救", count: 10, pace: 1.1 },
    ],
  },
  spots: [{ system: "channels", at: (seed, stamp) => spots(place, "kiosks", 126, "自助服务点", seed, stamp) }],
};
