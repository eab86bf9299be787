package duty

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const (
	table            = "duty_proposal"
	revisionProposal = "Proposal"
)

// row is a stored proposal whose sealed parts nobody has opened yet.
type row struct {
	Proposal
	why, before, content, reason string
}

const proposalColumns = `id, action, subject, agency, state, proposer, proposer_account, sealed_why, sealed_before, sealed_content,
	before_digest, content_digest, decider, decider_account, sealed_reason, failure, created_at, lapses_at, ended_at`

// listColumns leave the content out: a list is not the place to read it, and it
// may be large.
var listColumns = strings.Replace(proposalColumns, "sealed_before, sealed_content", "'', ''", 1)

func scanProposal(scan sqldb.Scan) (r row, err error) {
	var failure string
	var created, lapses, ended int64
	err = scan(&r.ID, &r.Action, &r.Subject, &r.Agency, &r.State, &r.Proposer.ID, &r.Proposer.Account, &r.why, &r.before, &r.content,
		&r.beforeDigest, &r.contentDigest, &r.Decider.ID, &r.Decider.Account, &r.reason, &failure, &created, &lapses, &ended)
	if err != nil {
		return r, err
	}
	r.CreatedAt, r.LapsesAt = timeOf(created), timeOf(lapses)
	if ended != 0 {
		r.EndedAt = timeOf(ended)
	}
	if failure != "" {
		err = json.Unmarshal([]byte(failure), &r.Failure)
	}
	return r, err
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// opened opens the sealed parts.
func (s *Service) opened(r row) (p Proposal, err error) {
	p = r.Proposal
	var why, reason []byte
	for _, part := range []struct {
		sealed, column string
		to             *[]byte
	}{{r.why, "sealed_why", &why}, {r.before, "sealed_before", &p.Before}, {r.content, "sealed_content", &p.Content}, {r.reason, "sealed_reason", &reason}} {
		if part.sealed == "" {
			continue
		}
		sealed, err := base64.StdEncoding.DecodeString(part.sealed)
		if err != nil {
			return p, fmt.Errorf("decode %s of proposal %s: %w", part.column, p.ID, err)
		}
		if *part.to, err = s.sealer.Open(sealed, table, p.ID, part.column); err != nil {
			return p, err
		}
	}
	p.Why, p.Reason = string(why), string(reason)
	return p, nil
}

// seal seals one part; an empty one stays empty.
func (s *Service) seal(plaintext []byte, id, column string) (string, error) {
	if len(plaintext) == 0 {
		return "", nil
	}
	sealed, err := s.sealer.Seal(plaintext, table, id, column)
	return base64.StdEncoding.EncodeToString(sealed), err
}

func (s *Service) insert(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	if err := tx.Own(p.Agency); err != nil {
		return err
	}
	why, err := s.seal([]byte(p.Why), p.ID, "sealed_why")
	if err != nil {
		return err
	}
	before, err := s.seal(p.Before, p.ID, "sealed_before")
	if err != nil {
		return err
	}
	content, err := s.seal(p.Content, p.ID, "sealed_content")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO duty_proposal (id, action, subject, agency, state, proposer, proposer_account, sealed_why, sealed_before,
			sealed_content, before_digest, content_digest, created_at, lapses_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Action, p.Subject, p.Agency, p.State, p.Proposer.ID, p.Proposer.Account, why, before,
		content, p.beforeDigest, p.contentDigest, p.CreatedAt.UnixMilli(), p.LapsesAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionProposal, p.ID)
}

// end moves an open proposal into its last state. Where somebody else was
// faster, it is told that it has ended. The caller revises once it has carried
// the proposal out: whoever writes locks the thing itself before the revision
// log, and the log before the trail, so that no two wait for each other.
func (s *Service) end(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	reason, err := s.seal([]byte(p.Reason), p.ID, "sealed_reason")
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE duty_proposal SET state = $1, decider = $2, decider_account = $3, sealed_reason = $4, failure = '', ended_at = $5
		WHERE ($6 = '*' OR agency = $6 AND agency <> '') AND id = $7 AND state = 'open'`,
		p.State, p.Decider.ID, p.Decider.Account, reason, p.EndedAt.UnixMilli(), tx.Tenant(), p.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		now, err := s.get(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		return ended(now.State)
	}
	return nil
}

func (s *Service) get(ctx context.Context, tx *sqldb.Tx, id string) (Proposal, error) {
	r, err := sqldb.One(ctx, tx, scanProposal, `SELECT `+proposalColumns+` FROM duty_proposal
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND id = $2`, tx.Tenant(), id)
	if err != nil {
		return Proposal{}, err
	}
	return s.opened(r)
}

// waitingTwin returns the ID of an open proposal of the same content, or
// ErrNoRows.
func waitingTwin(ctx context.Context, tx *sqldb.Tx, p Proposal, now time.Time) (string, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (id string, err error) {
		return id, scan(&id)
	}, `SELECT id FROM duty_proposal
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND state = 'open' AND action = $2 AND subject = $3 AND agency = $4
			AND before_digest = $5 AND content_digest = $6 AND lapses_at > $7
		ORDER BY created_at, id LIMIT 1`,
		tx.Tenant(), p.Action, p.Subject, p.Agency, p.beforeDigest, p.contentDigest, now.UnixMilli())
}

// listProposals orders by time and ID, newest first; a page begins after the key
// that pageKey makes. A proposal whose time is over counts as lapsed.
func listProposals(ctx context.Context, tx *sqldb.Tx, f Filter, now time.Time, page httpapi.Page) ([]row, error) {
	at, id := parsePageKey(page.After)
	return sqldb.All(ctx, tx, scanProposal, `SELECT `+listColumns+` FROM duty_proposal
		WHERE ($1 = '*' OR agency = $1 AND agency <> '')
			AND ($2 = '' OR $2 = CASE WHEN state = 'open' AND lapses_at <= $3 THEN 'lapsed' ELSE state END)
			AND ($4 = '' OR action = $4) AND ($5 = '' OR subject = $5) AND ($6 = '' OR agency = $6) AND ($7 = '' OR proposer = $7)
			AND (created_at < $8 OR created_at = $8 AND id < $9)
		ORDER BY created_at DESC, id DESC LIMIT $10`,
		tx.Tenant(), f.State, now.UnixMilli(), f.Action, f.Subject, f.Agency, f.Proposer, at, id, page.Limit)
}

// dueProposals lists those whose time is over.
func dueProposals(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]row, error) {
	return sqldb.All(ctx, tx, scanProposal, `SELECT `+listColumns+` FROM duty_proposal
		WHERE $1 = '*' AND state = 'open' AND lapses_at <= $2 ORDER BY lapses_at, id LIMIT 500`, tx.Tenant(), now.UnixMilli())
}

func setFailure(ctx context.Context, tx *sqldb.Tx, id, failure string) error {
	_, err := tx.Exec(ctx, `UPDATE duty_proposal SET failure = $1 WHERE ($2 = '*' OR agency = $2 AND agency <> '') AND id = $3 AND state = 'open'`,
		failure, tx.Tenant(), id)
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionProposal, id)
}
