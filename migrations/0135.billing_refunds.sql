-- What was paid back of an invoice, with a credit note or without.
alter table invoice add column refunded bigint not null default 0;
comment on column invoice.refunded is 'The sum of the refunds of its payments, in the smallest unit of the currency.';
