// What is missing because a service did not answer: said once, above what is there.
import { Alert, Text } from '@mantine/core';
import type { ServiceAway } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import type { ImprovementModel } from '../../gen/fivestrand/leadership/v1/model_pb';

export function Away({ away, model }: { away: ServiceAway[]; model: ImprovementModel | undefined }) {
  if (away.length === 0) return null;
  const titles = new Map(model?.strands.flatMap(({ elements }) => elements).map(({ element, title }) => [element, title]));
  return (
    <Alert role="status" color="gray" variant="light" className="problem" title="Part of this page is not reachable just now">
      {away.map(({ service, elements }) => (
        <Text size="sm" key={service}>
          The {service} service did not answer: {elements.map((element) => titles.get(element) ?? element).join('; ')}. Nothing is lost; the
          figures come back with it.
        </Text>
      ))}
    </Alert>
  );
}
