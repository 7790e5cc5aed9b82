-- From the photo to the contact: lists, sealed files, scans, cards, contacts, match keys.

create table lists (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  owner_id uuid not null,
  name bytea not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, owner_id) references users (org_id, id)
);
create index lists_owner on lists (org_id, owner_id);
call protect('lists');

create table list_members (
  org_id uuid not null,
  list_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('editor', 'reader')),
  primary key (org_id, list_id, user_id),
  foreign key (org_id, list_id) references lists (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index list_members_user on list_members (org_id, user_id);
call protect('list_members');

create table blobs (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  media_type text not null,
  bytes bigint not null check (bytes >= 0),
  content_hash bytea not null,
  key_version bigint not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
call protect('blobs');

create table scans (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  list_id uuid not null,
  user_id uuid not null,
  blob_id uuid not null,
  job_id uuid, -- the job that reads it; jobs are pruned, so no foreign key
  state text not null check (state in ('received', 'reading', 'read', 'failed')),
  content_hash bytea not null,
  width bigint not null default 0,
  height bigint not null default 0,
  advice text not null default '',
  problem text,
  param text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, list_id) references lists (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, blob_id) references blobs (org_id, id)
);
-- The same bytes of the same user again are the earlier scan, however many uploads race.
create unique index scans_same on scans (org_id, user_id, content_hash) where deleted_at is null;
create index scans_list on scans (org_id, list_id);
create index scans_blob on scans (org_id, blob_id);
call protect('scans');

create table contacts (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  list_id uuid not null,
  owner_id uuid not null,
  scan_id uuid,
  card bigint not null default 0,
  state text not null check (state in ('read', 'matched', 'confirmed', 'written', 'rejected')),
  contact bytea not null,
  reading bytea,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, list_id) references lists (org_id, id),
  foreign key (org_id, owner_id) references users (org_id, id),
  foreign key (org_id, scan_id) references scans (org_id, id)
);
create index contacts_list on contacts (org_id, list_id, id);
create index contacts_owner on contacts (org_id, owner_id, id);
create index contacts_scan on contacts (org_id, scan_id) where scan_id is not null;
call protect('contacts');

create table cards (
  org_id uuid not null,
  scan_id uuid not null,
  n bigint not null check (n > 0),
  id uuid not null,
  quad text not null,
  image_id uuid,
  width bigint not null,
  height bigint not null,
  contact_id uuid,
  reading bytea,
  primary key (org_id, scan_id, n),
  foreign key (org_id, scan_id) references scans (org_id, id) on delete cascade,
  foreign key (org_id, image_id) references blobs (org_id, id),
  foreign key (org_id, contact_id) references contacts (org_id, id)
);
create index cards_contact on cards (org_id, contact_id) where contact_id is not null;
create index cards_image on cards (org_id, image_id) where image_id is not null;
call protect('cards');

create table contact_versions (
  org_id uuid not null,
  contact_id uuid not null,
  version bigint not null,
  contact bytea not null,
  saved_by uuid,
  saved_at timestamptz not null default now(),
  primary key (org_id, contact_id, version),
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, saved_by) references users (org_id, id)
);
call protect('contact_versions', 'select, insert, delete');

-- kind 1: contacts, 2: records. A small number, because this is the longest table.
create table match_keys (
  org_id uuid not null references orgs (org_id),
  kind smallint not null check (kind in (1, 2)),
  key bigint not null,
  subject_id uuid not null,
  primary key (org_id, kind, key, subject_id)
);
create index match_keys_subject on match_keys (org_id, kind, subject_id);
call protect('match_keys', 'select, insert, delete');
