// A sheet over the page: from below on a phone, where the thumb is, and from the side on a wide screen.
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

export const PHONE = '(max-width: 47.99em)';

export function Sheet(props: { opened: boolean; onClose: () => void; title: ReactNode; wide?: boolean; children: ReactNode }) {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  return (
    <Drawer
      opened={props.opened} onClose={props.onClose} title={props.title} position={phone ? 'bottom' : 'right'}
      size={phone ? 'auto' : props.wide ? 'min(60rem, 92vw)' : 'md'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ content: phone ? 'sheet-phone' : 'sheet-wide', body: 'sheet-body', header: 'sheet-header', title: 'sheet-title' }}
      transitionProps={{ duration: 140 }} overlayProps={{ backgroundOpacity: 0.4 }}
    >
      {props.children}
    </Drawer>
  );
}
