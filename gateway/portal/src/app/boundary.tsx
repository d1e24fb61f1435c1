// A fault in one screen leaves the frame standing, so that one can go elsewhere; what was typed is in its draft.
import { Alert, Button, Text } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';

export class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Alert role="alert" color="red" variant="light" title="This page stopped working" m="md">
        <Text size="sm">What you recorded is safe, and what you typed is kept. Reload the page; it may be newer on the server.</Text>
        <Button mt="sm" variant="default" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Alert>
    );
  }
}
