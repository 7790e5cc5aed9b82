-- Roles and schema, made when they are missing; run before the numbered steps, by whoever may make roles. Changes nothing
-- when all is there, so that later steps need no more than membership in kartei_owner.
do $$
declare
  who text := quote_ident(current_user);
begin
  -- NOINHERIT: the owner may become kartei_guard, but does not see through its policies by default.
  if not exists (select from pg_roles where rolname = 'kartei_owner') then
    create role kartei_owner nologin noinherit nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'kartei_app') then
    create role kartei_app login noinherit nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'kartei_guard') then
    create role kartei_guard nologin noinherit nobypassrls;
  end if;
  if not pg_has_role('kartei_owner', 'kartei_guard', 'member') then
    grant kartei_guard to kartei_owner;
  end if;
  if not pg_has_role(current_user, 'kartei_owner', 'member') then
    execute 'grant kartei_owner to ' || who;
  end if;
  if not exists (select from pg_namespace where nspname = 'kartei') then
    create schema kartei authorization kartei_owner;
    grant usage on schema kartei to kartei_app, kartei_guard;
  end if;
  if to_regclass('kartei.schema_migrations') is null then
    create table kartei.schema_migrations (
      number bigint primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    );
    alter table kartei.schema_migrations owner to kartei_owner;
    grant select on kartei.schema_migrations to kartei_app;
  end if;
end
$$;
