// A sheet over the page: from below on a phone, where the thumb is, and from the side on a wide screen.
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

export const PHONE = '(max-width: 47.99em)';

export function Sheet(props: { opened: boolean; onClose: () => void; title: ReactNode; wide?: boolean; children: ReactNode }) {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  // Put together from its parts, because Mantine's own header would be a second banner of the page.
  return (
    <Drawer.Root
      opened={props.opened}
      onClose={props.onClose}
      position={phone ? 'bottom' : 'right'}
      size={phone ? 'auto' : props.wide ? 'min(60rem, 92vw)' : 'md'}
      transitionProps={{ duration: 140 }}
    >
      <Drawer.Overlay backgroundOpacity={0.4} />
      <Drawer.Content className={phone ? 'sheet-phone' : 'sheet-wide'}>
        <div className="sheet-header">
          <Drawer.Title className="sheet-title">{props.title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body className="sheet-body">{props.children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
