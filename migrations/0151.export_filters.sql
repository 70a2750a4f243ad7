alter table export
    add column page_id uuid,
    add column origin text not null default '' check (char_length(origin) <= 2048);
comment on column export.page_id is 'Responses of this page only, if set.';
comment on column export.origin is 'Responses on pages of this origin (scheme://host[:port]) only; none: of keys that are no URLs.';
