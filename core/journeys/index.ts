export * from './scheduled';
