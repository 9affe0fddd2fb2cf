import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type ChartData, tellTime } from "./chart.ts";

const HEIGHT_PX = 200;
/** Of the room between two points in time, and at most. */
const COLUMN_SHARE = 0.72;
const COLUMN_MAX_PX = 40;

/** Each series on top of those below it: the last is the whole height. */
function stack({ series }: ChartData): number[][] {
  let below: number[] = [];
  return series.map(({ values }) => {
    below = values.map((value, index) => value + (below[index] ?? 0));
    return below;
  });
}

/** Draws into an element; the colours are those of the series, in their order. */
export function drawColumns(
  plot: HTMLElement,
  data: ChartData,
  colours: readonly string[],
): { redraw(): void; destroy(): void } {
  const { times, series, isHourly, format } = data;
  const style = getComputedStyle(plot);
  const ink = style.color;
  const line = style.borderTopColor;
  const columns = uPlot.paths.bars?.({ size: [COLUMN_SHARE, COLUMN_MAX_PX], radius: 0.12 });
  const axis: uPlot.Axis = {
    stroke: ink,
    font: `12px ${style.fontFamily}`,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  const last = times.length - 1;
  return new uPlot(
    {
      width: plot.clientWidth,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      padding: [12, 8, 0, 0],
      scales: {
        // Columns are as far apart as they are counted: by place, not by time.
        x: { time: false, range: () => [-0.6, last + 0.6] },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          grid: { show: false },
          space: 56,
          incrs: [1, 2, 3, 4, 6, 7, 8, 12],
          values: (_plot, places) =>
            places.map((place) => {
              const time = Number.isInteger(place) ? times[place] : undefined;
              return time ? tellTime(time, isHourly) : "";
            }),
        },
        { ...axis, size: 64, values: (_plot, marks) => marks.map((mark) => format(mark)) },
      ],
      // The highest first, so that what is below it is drawn over it.
      series: [
        {},
        ...series.toReversed().map(({ label }, index) => ({
          label,
          fill: colours[series.length - 1 - index] ?? ink,
          width: 0,
          points: { show: false },
          ...(columns && { paths: columns }),
        })),
      ],
    },
    [times.map((_time, index) => index), ...stack(data).toReversed()],
    plot,
  );
}
