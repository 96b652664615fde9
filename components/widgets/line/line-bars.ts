import { BarChart } from "echarts/charts";
import { echarts } from "@/components/ui/echarts";

echarts.use([BarChart]);
