-- Records of the CRMs that may be one person twice: what the search over the whole stock found, and what people decided. Open pairs
-- are replaced by the next search, decisions stay as long as both records live.
create table duplicate_pairs (
  org_id uuid not null,
  id uuid not null,
  left_id uuid not null,
  right_id uuid not null,
  group_id uuid not null, -- the strongest group has the greatest
  weight double precision not null,
  probability double precision not null check (probability between 0 and 1),
  band text not null check (band in ('obvious', 'possible')),
  reasons bytea not null,
  decided text check (decided in ('same', 'different')),
  why bytea,
  decided_by uuid,
  decided_at timestamptz,
  version bigint not null default 1,
  primary key (org_id, id),
  unique (org_id, left_id, right_id),
  check (left_id < right_id),
  check ((decided is null) = (decided_at is null)),
  foreign key (org_id, left_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, right_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, decided_by) references users (org_id, id)
);
create index duplicate_pairs_right on duplicate_pairs (org_id, right_id);
create index duplicate_pairs_group on duplicate_pairs (org_id, group_id desc, weight desc);
create index duplicate_pairs_decided on duplicate_pairs (org_id, decided) where decided is not null;
create index duplicate_pairs_decided_by on duplicate_pairs (org_id, decided_by) where decided_by is not null;
call protect('duplicate_pairs');
call sealed('duplicate_pairs', '{reasons,why}');

call allow('duplicate', '{list,search,decide}', '{admin}', 'any');
