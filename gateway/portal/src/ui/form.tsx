import type { FormEvent, ReactNode } from 'react';

// A form that this page answers by itself. The browser's own checks of fields stay unless `noValidate` says that the form has better
// words for what is wrong.
export function Form(props: {
  className?: string;
  noValidate?: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
}) {
  return (
    <form
      className={props.className ?? 'form'}
      noValidate={props.noValidate}
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit(event);
      }}
    >
      {props.children}
    </form>
  );
}
