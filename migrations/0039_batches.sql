-- Obvious matches of one connection that are written together: which contacts, the sample that a person judges first, and what
-- became of each. What was decided stays when a contact goes; then its row goes with it.
create table batches (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  user_id uuid not null, -- by whose rights it is written
  state text not null check (state in ('sampling', 'running', 'paused', 'stopped', 'done', 'undoing', 'undone')),
  problem text, -- slug: why it pauses by itself
  created_at timestamptz not null default now(),
  version bigint not null default 1,
  primary key (org_id, id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index batches_connection on batches (org_id, connection_id);
create index batches_user on batches (org_id, user_id, id desc);
call protect('batches');

create table batch_items (
  org_id uuid not null,
  batch_id uuid not null,
  contact_id uuid not null,
  contact_version bigint not null,
  record_id uuid not null,
  fields text not null, -- that would change, separated by commas
  sampled boolean not null,
  judged text check (judged in ('yes', 'no')),
  state text not null default 'open' check (state in ('open', 'handed', 'left')),
  problem text, -- slug: why it was left, or could not be taken back
  write_back_id uuid,
  primary key (org_id, batch_id, contact_id),
  check ((state = 'handed') = (write_back_id is not null)),
  check (sampled or judged is null),
  foreign key (org_id, batch_id) references batches (org_id, id) on delete cascade,
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, record_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, write_back_id) references write_backs (org_id, id) on delete cascade
);
create index batch_items_contact on batch_items (org_id, contact_id);
create index batch_items_record on batch_items (org_id, record_id);
create index batch_items_write_back on batch_items (org_id, write_back_id) where write_back_id is not null;
create index batch_items_open on batch_items (org_id, batch_id) where state = 'open';
call protect('batch_items');

call allow('batch', '{list,read,create,judge,run}', '{user,template_curator,template_manager}', 'own');
call allow('batch', '{list,read,create,judge,run}', '{admin}', 'any');
