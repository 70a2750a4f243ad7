alter table destination
    add column languages text[] not null default '{}' check (cardinality(languages) <= 20);
comment on column destination.languages is 'Of responses, only messages in these languages (the context''s $language); none for all.';
