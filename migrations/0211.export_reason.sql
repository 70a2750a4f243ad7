alter table export add column reason text not null default '';
comment on column export.reason is 'The reason of the option that its responses mention, by its value; empty for any.';
