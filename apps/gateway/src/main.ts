import { ingestionEndpoints } from '@hearth/ingestion';
import { listen, runService } from '@hearth/nest-kit';
import { profilesEndpoints } from '@hearth/profiles';
import { openApiDocument } from '@hearth/rest-api';
import { config } from './config.ts';
import { createGateway } from './gateway.ts';
import { upstreams } from './routes.ts';

const settings = config();

await runService('gateway', settings, async (service) => {
  const gateway = await createGateway({
    ...service,
    upstreams: upstreams(settings),
    document: () => openApiDocument([...ingestionEndpoints, ...profilesEndpoints]),
    trustProxy: settings.trustProxy,
  });
  return listen(gateway, service, settings);
});
