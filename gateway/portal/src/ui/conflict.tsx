// Two versions of one field, side by side, for a person to choose.
import { Button } from '@mantine/core';

export function Conflict(props: {
  label: string;
  mine: string;
  theirs: string;
  onMine: () => void;
  onTheirs: () => void;
  onBoth?: () => void;
}) {
  return (
    <fieldset className="conflict">
      <legend>{props.label}: two versions</legend>
      <div className="conflict-sides">
        <div>
          <h3>Yours</h3>
          <p>{props.mine || <em>empty</em>}</p>
          <Button size="sm" h={44} variant="default" onClick={props.onMine}>
            Keep yours
          </Button>
        </div>
        <div>
          <h3>Theirs</h3>
          <p>{props.theirs || <em>empty</em>}</p>
          <Button size="sm" h={44} variant="default" onClick={props.onTheirs}>
            Take theirs
          </Button>
        </div>
      </div>
      {props.onBoth && (
        <Button size="sm" h={44} variant="light" onClick={props.onBoth}>
          Put both together
        </Button>
      )}
    </fieldset>
  );
}
