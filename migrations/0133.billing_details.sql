-- Whom invoices are for, and what has become of each.
alter table subscription
    add column billing_name text not null default '',
    add column billing_email text not null default '',
    add column billing_address jsonb not null default '{}';
comment on column subscription.billing_email is 'Where invoices go, and mails about payments beside the owner and admins; empty: nowhere else.';
comment on column subscription.billing_address is 'The address on invoices: line1, line2, city, postal_code, state, country.';
alter table invoice
    add column attempts integer not null default 0,
    add column credited bigint not null default 0;
comment on column invoice.attempts is 'How often its payment was tried.';
comment on column invoice.credited is 'The sum of its credit notes, in the smallest unit of the currency.';
