import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { AuthProvider } from './app/auth';
import { ServicesContext, startServices, type Services } from './app/services';
import { ToastProvider } from './ui/toast';
import { theme } from './ui/theme';
import './ui/mantine';
import './ui/base.css';
import './ui/shell.css';
import './ui/parts.css';
import './ui/figures.css';
import './screens/day/day.css';

const colourScheme = localStorageColorSchemeManager({ key: 'fivestrand-colour-scheme' });

async function start() {
  const root = createRoot(document.getElementById('root') as HTMLElement);
  let services: Services;
  try {
    services = await startServices();
  } catch (error) {
    // Without a place to keep records, a dropped connection would lose them: better to say so than to seem to work.
    console.error(error);
    root.render(
      <main className="sign-in">
        <h1>Fivestrand cannot keep records in this window</h1>
        <p>
          The browser does not let it store anything here, as in some private windows. Open the page in an ordinary window, or free some
          space on the device.
        </p>
      </main>,
    );
    return;
  }
  root.render(
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
