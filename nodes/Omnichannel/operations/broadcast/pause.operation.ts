import { core } from '../../../shared/loadCore';
import { ofBroadcast, properties } from './ofBroadcast';

export { properties };

export const operation = ofBroadcast(properties, (app, name) =>
  core.broadcasts.moveBroadcast(app, name, 'pause'),
);
