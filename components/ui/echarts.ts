import { GridSimpleComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

// Each widget adds the kind of chart that it draws, so that a wall loads no other. Nothing on a wall is pointed at:
// the simple grid comes without what follows a mouse.
echarts.use([GridSimpleComponent, CanvasRenderer]);

export { echarts };
