// The five strands as columns of tiles. One tile is open at a time.
import type { ElementStanding } from '../../gen/fivestrand/leadership/v1/improvement_service_pb';
import type { ModelElement } from '../../gen/fivestrand/leadership/v1/model_pb';
import { NoValueReason } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { today } from '../../model/dates';
import { pointsOf } from '../../model/measures';
import { headline, type StrandColumn } from '../../model/scoreboard';
import { NO_VALUE, STAGE_WORDS, sayTarget, sayValue } from '../../model/words';
import { ConcernIcon } from '../../ui/icons';
import { BandBadge } from '../../ui/parts';
import { Sparkline } from './sparkline';

export function Strands(props: {
  strands: StrandColumn[];
  opened: string | undefined;
  onOpen: (element: string) => void;
  onClose: () => void;
}) {
  return (
    <div className="strands">
      {props.strands.map(({ strand, elements }, index) => (
        <section key={strand.strand} className="strand" aria-labelledby={`strand-${strand.strand}`}>
          <h2 id={`strand-${strand.strand}`} className="strand-title">
            <span className="element-number">{index + 1}</span> {strand.title}
          </h2>
          <ul>
            {elements.map(({ element, standing }) => (
              <li key={element.element}>
                <ElementTile
                  element={element}
                  standing={standing}
                  open={props.opened === element.element}
                  onToggle={() => (props.opened === element.element ? props.onClose() : props.onOpen(element.element))}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ElementTile(props: { element: ModelElement; standing: ElementStanding | undefined; open: boolean; onToggle: () => void }) {
  const { element, standing, open } = props;
  const summary = headline(standing);
  const measure = summary?.measure;
  const latest = summary?.latest;
  const reason = latest?.noValueReason || standing?.noValueReason || NoValueReason.NOT_KEPT_YET;
  const concerns = standing?.openConcerns ?? 0;
  return (
    <button
      type="button"
      className="element-tile"
      data-element={element.element}
      data-none={latest?.value === undefined || undefined}
      aria-expanded={open}
      onClick={props.onToggle}
    >
      <span className="element-tile-title">
        <span className="element-number">{element.number}</span> {element.title}
      </span>
      {measure && latest?.value !== undefined ? (
        <>
          <span className="element-tile-value">
            <strong>{sayValue(latest.value, measure.unit)}</strong> <BandBadge band={latest.band} />
          </span>
          <span className="element-tile-what">{measure.title}</span>
          <Sparkline measure={measure} points={pointsOf(summary.trend, today())} />
          <span className="element-tile-facts">
            {[latest.period?.label, latest.final ? '' : 'so far', sayTarget(measure), measure.agreed ? 'the school’s own' : ''].filter(Boolean).join(' · ')}
          </span>
        </>
      ) : (
        <span className="element-tile-facts">{NO_VALUE[reason].title}</span>
      )}
      <span className="element-tile-foot">
        {element.stage > 0 && <span className="stage">{STAGE_WORDS[element.stage]}</span>}
        {concerns > 0 && (
          <span className="concern-flag">
            <ConcernIcon size={16} /> {concerns} open
          </span>
        )}
      </span>
    </button>
  );
}
