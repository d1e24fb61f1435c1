// The trend of a measure as a chart, and the same numbers as a table.
import { useComputedColorScheme } from '@mantine/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { Unit, type Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { chartKind, type Point } from '../../model/measures';
import { NO_VALUE, plainValue, sayParts, sayTarget, sayUnit, sayValue } from '../../model/words';

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export default function TrendChart({ measure, points }: { measure: Measure; points: Point[] }) {
  const element = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const enough = points.filter((point) => point.value !== undefined).length >= 2;
  useEffect(() => {
    if (!element.current || !enough) return undefined;
    const chart = init(element.current, undefined, { renderer: 'svg' });
    chart.setOption(optionOf(measure, points, scheme === 'dark'));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [measure, points, scheme, enough]);
  return (
    <>
      {enough ? <div ref={element} className="chart" aria-hidden="true" /> : <p className="as-of">Too few periods for a chart.</p>}
      <table className="numbers">
        <caption>
          {measure.title} by period, {sayUnit(measure.unit)}. {sayTarget(measure)}.
        </caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col" className="right">
              Figure
            </th>
            {measure.unit === Unit.SHARE && (
              <th scope="col" className="right">
                Made of
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {points.map(({ label, span, reading }, index) => (
            <tr key={`${label}${index}`}>
              <th scope="row">
                {label} <small>{span}</small>
              </th>
              <td className="right">
                {reading.value === undefined ? NO_VALUE[reading.noValueReason].title : sayValue(reading.value, measure.unit)}
                {reading.final ? '' : ' so far'}
              </td>
              {measure.unit === Unit.SHARE && <td className="right">{sayParts(reading, measure.unit)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function optionOf(measure: Measure, points: Point[], dark: boolean): EChartsCoreOption {
  const ink = dark ? '#c9d1d1' : '#3a4646';
  const faint = dark ? '#3c4646' : '#dfe5e5';
  const accent = dark ? '#76c0ba' : '#0b5b5b';
  const kind = chartKind(measure, points);
  const share = measure.unit === Unit.SHARE;
  const values = points.map((point) => (point.value === undefined ? null : plainValue(point.value, measure.unit)));
  return {
    animation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    textStyle: { fontFamily: 'inherit', color: ink },
    grid: { left: 4, right: 12, top: 22, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value} ${share ? '%' : sayUnit(measure.unit)}` : 'no figure'),
    },
    xAxis: {
      type: 'category',
      data: points.map((point) => point.label),
      axisLabel: { color: ink, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: share ? 100 : undefined,
      minInterval: share ? 20 : 1,
      axisLabel: { color: ink, formatter: share ? '{value} %' : '{value}' },
      splitLine: { lineStyle: { color: faint } },
    },
    series: [
      {
        type: kind === 'bar' ? 'bar' : 'line',
        data: values,
        color: accent,
        barMaxWidth: 34,
        symbolSize: 8,
        showSymbol: true,
        connectNulls: false,
        lineStyle: kind === 'points' ? { width: 0 } : { width: 2.5 },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: ink, type: 'dashed', width: 1.5 },
          label: { formatter: 'target', color: ink, position: 'insideEndTop' },
          data: [{ yAxis: plainValue(measure.target, measure.unit) }],
        },
      },
    ],
  };
}
