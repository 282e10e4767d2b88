import { sql } from '../sql';
import type { Migration } from './migration';

/** Which appointment a message that goes later is about: when that moves, the message is looked at again. */
export const scheduledAppointments: Migration = {
  name: '0031_scheduled_appointments',
  async up(db) {
    await db.schema.alterTable('scheduled_messages').addColumn('appointment_id', 'text').execute();
    await db.schema
      .createIndex('scheduled_messages_of_appointment')
      .on('scheduled_messages')
      .columns(['tenant_id', 'appointment_id'])
      .where(sql.ref('appointment_id'), 'is not', null)
      .execute();
  },
};
