import { createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // Locking the scroll writes a style element, which the content policy refuses.
    Modal: {
      defaultProps: { lockScroll: false, centered: true, transitionProps: { transition: 'fade', duration: 100 } },
    },
    DrawerRoot: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 400 } },
  },
});
