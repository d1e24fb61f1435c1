// A few line icons. They are always beside a word or carry their control's label, so they are hidden from screen readers.
import type { ReactNode, SVGProps } from 'react';

function icon(children: ReactNode) {
  return function Icon({ size = 22, ...rest }: SVGProps<SVGSVGElement> & { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.8}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        {...rest}
      >
        {children}
      </svg>
    );
  };
}

export const DayIcon = icon(
  <>
    <rect x="3.5" y="5" width="17" height="15.5" rx="2.5" />
    <path d="M3.5 9.5h17M8 3v4M16 3v4M8 14.5l2.5 2.5 5-5" />
  </>,
);
export const VisitIcon = icon(
  <>
    <path d="M12 21s-6.5-5.6-6.5-10.7a6.5 6.5 0 0 1 13 0C18.5 15.4 12 21 12 21z" />
    <circle cx="12" cy="10.2" r="2.4" />
  </>,
);
export const SchoolIcon = icon(
  <>
    <path d="M4 20.5V9.5l8-5 8 5v11" />
    <path d="M2.5 20.5h19M9.5 20.5v-5.5h5v5.5M12 9.5v.01" />
  </>,
);
export const TrustIcon = icon(
  <>
    <path d="M4 20V12M9.3 20V5M14.6 20v-6M20 20V8" />
  </>,
);
export const ConcernIcon = icon(
  <>
    <path d="M5.5 21V4M5.5 4.5h12l-2.6 4.2 2.6 4.3h-12" />
  </>,
);
export const ResultsIcon = icon(
  <>
    <path d="M3.5 20.5h17M3.5 16l5-5 4 3.5 7.5-8.5" />
    <path d="M15.5 6H20v4.5" />
  </>,
);
export const LearningIcon = icon(
  <>
    <path d="M2.5 9 12 4.5 21.5 9 12 13.5z" />
    <path d="M6.5 11.5v5c3 2.7 8 2.7 11 0v-5M21.5 9v6" />
  </>,
);
export const WellbeingIcon = icon(<path d="M12 20s-8-4.7-8-10.3A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.7C20 15.300 12 20 12 20z" />);
// Five strands.
export const ModelIcon = icon(<path d="M4.5 4v16M8.25 7v13M12 4v16M15.75 9v11M19.5 4v16" />);
export const MoreIcon = icon(<path d="M5 12v.01M12 12v.01M19 12v.01" strokeWidth={3.2} />);
export const LessonIcon = icon(
  <>
    <rect x="3" y="4" width="18" height="12" rx="2" />
    <path d="M8 20.5l4-4.5 4 4.5M7.5 8.5h9M7.5 12h5" />
  </>,
);
export const WaitingIcon = icon(
  <>
    <path d="M7 18.5h10.5a4 4 0 0 0 .6-7.95 6 6 0 0 0-11.6-1.3A4.7 4.7 0 0 0 7 18.5z" />
    <path d="M12 15.5v-5M9.8 12.3 12 10l2.2 2.3" />
  </>,
);
export const OfflineIcon = icon(
  <>
    <path d="M7 18.5h10.5c.7 0 1.4-.2 2-.5M6.5 9.3A4.7 4.7 0 0 0 7 18.5M9.5 5.9a6 6 0 0 1 8.6 4.6 4 4 0 0 1 3 2.6M3.5 3.5l17 17" />
  </>,
);
export const SearchIcon = icon(
  <>
    <circle cx="10.8" cy="10.8" r="6.3" />
    <path d="M15.5 15.5 20.5 20.5" />
  </>,
);
export const CheckIcon = icon(<path d="M5 12.5l4.5 4.5L19 7.5" />);
export const CrossIcon = icon(<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const ChevronIcon = icon(<path d="M9 5.5l6.5 6.5L9 18.5" />);
export const BackIcon = icon(<path d="M15 5.5 8.5 12l6.5 6.5" />);
export const UndoIcon = icon(<path d="M8.5 5 4 9.5 8.5 14M4 9.5h10a6 6 0 0 1 0 12h-3" />);
export const PenIcon = icon(<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20z" />);
export const LockIcon = icon(
  <>
    <rect x="5" y="10.5" width="14" height="10" rx="2.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="12" cy="8" r="3.8" />
    <path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6" />
  </>,
);
export const GateIcon = icon(
  <>
    <path d="M4 20.5V7.5M20 20.5V7.5M4 10c5-4.5 11-4.5 16 0M8 20.5v-11M12 20.5v-12M16 20.5v-11" />
  </>,
);
export const BreakIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7v5l3.5 2" />
  </>,
);
export const DoorIcon = icon(
  <>
    <path d="M6 20.5v-17h12v17M3.5 20.5h17M14.5 12v.01" />
  </>,
);
export const PrintIcon = icon(
  <>
    <path d="M7 9V3.5h10V9M7 17.5H4.5a1.5 1.5 0 0 1-1.5-1.5v-5A2 2 0 0 1 5 9h14a2 2 0 0 1 2 2v5a1.5 1.5 0 0 1-1.5 1.5H17" />
    <path d="M7 14h10v6.5H7z" />
  </>,
);
export const ThemeIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor" />
  </>,
);
export const ListIcon = icon(<path d="M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01" />);
