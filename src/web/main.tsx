import { MantineProvider } from '@mantine/core';
import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/problem';
import { App } from './app';
import { LeavingProvider } from './ui/leaving';
import { theme } from './ui/theme';
import { ToastProvider } from './ui/toasts';
import './ui/mantine.css';
import './ui/base.css';

// Shown before the next event: a task later, React has put the clicked box back, and a second click is lost on it.
notifyManager.setScheduler(queueMicrotask);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refused it refuses again; what did not arrive may arrive now.
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      staleTime: 10_000,
      refetchOnWindowFocus: true,
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      {/* Its styles come as files: the content policy lets no style in that a script writes. */}
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <ToastProvider>
            <LeavingProvider>
              <App />
            </LeavingProvider>
          </ToastProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
