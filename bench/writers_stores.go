//go:build linux

package main

import (
	"context"
	"fmt"

	"simpul/internal/exchange/evidence"

	"github.com/jackc/pgx/v5"
)

// openJournal writes into an evidence journal.
func openJournal(_ context.Context, p writersPlan) (write, func() error, error) {
	j, err := evidence.OpenJournal(p.Dir, evidence.Options{})
	if err != nil {
		return nil, nil, err
	}
	put := func(ctx context.Context, record []byte) error {
		_, err := j.Commit(ctx, record)
		return err
	}
	return put, j.Close, nil
}

// openInserts writes rows into one table, each by a transaction of its own over a
// connection of its writer's, with a prepared statement.
func openInserts(ctx context.Context, p writersPlan) (write, func() error, error) {
	free := make(chan *pgx.Conn, p.Writers)
	for i := range p.Writers {
		c, err := pgx.Connect(ctx, p.DSN)
		if err != nil {
			return nil, nil, fmt.Errorf("connection %d: %w", i, err)
		}
		if i == 0 {
			if _, err := c.Exec(ctx, `CREATE TABLE IF NOT EXISTS record (sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload BYTEA NOT NULL)`); err != nil {
				return nil, nil, err
			}
		}
		free <- c
	}
	put := func(ctx context.Context, record []byte) error {
		c := <-free
		defer func() { free <- c }()
		_, err := c.Exec(ctx, `INSERT INTO record (payload) VALUES ($1)`, record)
		return err
	}
	done := func() error {
		for range p.Writers {
			(<-free).Close(context.WithoutCancel(ctx))
		}
		return nil
	}
	return put, done, nil
}
