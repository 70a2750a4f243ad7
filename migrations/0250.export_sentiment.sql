alter table export add column sentiment text not null default '';
comment on column export.sentiment is 'positive or unhappy, where only such responses are exported; empty for any.';
