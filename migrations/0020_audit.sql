-- The audit trail says more of an action: by which session, token or support grant, from where, why, and which records it touched, also
-- by reading. Nothing is released yet, so the chain begins anew instead of holding rows of two forms.

drop table audit;
update journal_heads set audit_seq = 0, audit_hash = decode(repeat('00', 32), 'hex');

create table audit (
  org_id uuid not null references orgs (org_id),
  seq bigint not null,
  at timestamptz not null,
  user_id uuid,
  session_id uuid,
  token_id uuid,
  grant_id uuid,
  address bytea,
  address_hash bytea,
  action text not null,
  kind text not null,
  subject_id uuid,
  records uuid[] not null default '{}',
  request text,
  note text,
  why bytea,
  hash bytea not null,
  primary key (org_id, seq)
);
-- Sessions end and tokens go, what they did stays: no foreign keys. The questions of an incident each have their index.
create index audit_session on audit (org_id, session_id, seq) where session_id is not null;
create index audit_token on audit (org_id, token_id, seq) where token_id is not null;
create index audit_address on audit (org_id, address_hash, seq) where address_hash is not null;
create index audit_at on audit (org_id, at);
call protect('audit', 'select, insert');
