-- What the CRM said of its fields when a draft was kept: its findings are shown again without asking.
alter table mapping_drafts add column fields bytea;
