delete from deletion where kind = 'pages';
alter table deletion
    drop constraint deletion_kind_check,
    add constraint deletion_kind_check check (kind in ('project', 'widget', 'placement'));
alter table page drop column deletion_id;
drop table network_day;
alter table project drop column free_keys, drop column network_pages, drop column network_messages;
