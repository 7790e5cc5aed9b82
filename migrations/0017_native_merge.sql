-- The CRM's own merge of two of its records: off until an administrator allows it for a connection.
alter table connections add column native_merge boolean not null default false;
alter table write_backs drop constraint write_backs_action_check;
alter table write_backs add constraint write_backs_action_check check (action in ('create', 'update', 'delete', 'merge'));
alter table previews drop constraint previews_action_check;
alter table previews add constraint previews_action_check check (action in ('create', 'update', 'merge'));
