import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { AuthProvider } from './app/auth';
import { ServicesContext, startServices } from './app/services';
import { ToastProvider } from './ui/toast';
import { theme } from './ui/theme';
import './ui/mantine';
import './ui/base.css';
import './ui/shell.css';
import './ui/parts.css';
import './screens/day/day.css';

const colourScheme = localStorageColorSchemeManager({ key: 'fivestrand-colour-scheme' });

async function start() {
  const services = await startServices();
  createRoot(document.getElementById('root') as HTMLElement).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colourScheme}>
      <ServicesContext.Provider value={services}>
        <QueryClientProvider client={services.queries}>
          <AuthProvider>
            <ToastProvider>
              <App />
            </ToastProvider>
          </AuthProvider>
        </QueryClientProvider>
      </ServicesContext.Provider>
    </MantineProvider>,
  );
  if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
}

void start();
