import { createTheme, type MantineColorsTuple } from '@mantine/core';

// One accent. Everything else is ink on paper; red is kept for what somebody must do.
const accent: MantineColorsTuple = [
  '#e8f6f5',
  '#d3eae8',
  '#a6d6d2',
  '#76c0ba',
  '#52aea7',
  '#3ba29b',
  '#1f827c',
  '#0f6b67',
  '#0b5b5b',
  '#064646',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 8, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  headings: { fontWeight: '650' },
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 2, maxRows: 10 } },
    Select: { defaultProps: { size: 'md' } },
    MultiSelect: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    FileInput: { defaultProps: { size: 'md' } },
    SegmentedControl: { defaultProps: { size: 'sm' } },
    CloseButton: { defaultProps: { size: 'xl' } },
  },
});
