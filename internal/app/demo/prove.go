package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"simpul/internal/exchange/evidence/proof"
)

const (
	proofWithin   = 30 * time.Second
	proofAskEvery = 200 * time.Millisecond
)

// Prove fetches the proof of an exchange and the public keys over HTTP, as anybody would,
// and checks the one with the other. It returns how the proof stands.
func (n *Nation) Prove(ctx context.Context, control string, x Exchange) (proof.Status, error) {
	status, text, err := n.fetch(ctx, control+"/.well-known/simpul-keys")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the hub answered %d: %.200s", status, text)
	}
	if err != nil {
		return "", fmt.Errorf("fetch the keys: %w", err)
	}
	keys, err := proof.ParseKeys(text)
	if err != nil {
		return "", fmt.Errorf("read the keys: %w", err)
	}
	file, err := n.awaitProof(ctx, control+"/api/v1/exchanges/"+string(x.ID)+"/proof")
	if err != nil {
		return "", fmt.Errorf("fetch the proof: %w", err)
	}
	bundle, err := proof.Parse(file)
	if err != nil {
		return "", fmt.Errorf("read the proof: %w", err)
	}
	return judge(proof.Verify(bundle, keys, proof.Demand{Response: &x.Body}), x)
}

// judge refuses a verdict that does not hold, and says which step it is.
func judge(v proof.Verdict, x Exchange) (proof.Status, error) {
	for _, step := range v.Steps {
		if step.State == proof.Failed {
			return v.Status, errors.New("the proof does not hold: " + step.Text.EN)
		}
	}
	if v.Record.ID != x.ID {
		return proof.Invalid, fmt.Errorf("the proof is of exchange %s", v.Record.ID)
	}
	return v.Status, nil
}

// awaitProof asks until the exchange is in the log.
func (n *Nation) awaitProof(ctx context.Context, from string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, proofWithin)
	defer cancel()
	for {
		status, text, err := n.fetch(ctx, from)
		switch {
		case err != nil:
			return nil, err
		case status == http.StatusOK:
			return text, nil
		case status != http.StatusConflict:
			return nil, fmt.Errorf("the hub answered %d: %.200s", status, text)
		}
		select {
		case <-time.After(proofAskEvery):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (n *Nation) fetch(ctx context.Context, from string) (status int, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+n.Credentials.AdminToken)
	r.Header.Set("Accept", "application/json, text/plain")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	text, err = io.ReadAll(io.LimitReader(res.Body, proof.MaxBytes+1))
	return res.StatusCode, text, err
}
