package demo

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// Exchange is what one exchange through the demo nation showed.
type Exchange struct {
	ID         simpul.ExchangeID `json:"exchange_id"`
	LID        simpul.Address    `json:"lid"`
	Status     int               `json:"status"`
	Items      int               `json:"items"`
	Hubs       []simpul.AgencyID `json:"hubs"` // that the exchange passed
	Evidence   string            `json:"evidence"`
	Proof      proof.Status      `json:"proof,omitempty"` // how its proof stands, checked with public keys alone
	Body       proof.Body        `json:"-"`               // the answer that arrived
	DurationMS float64           `json:"duration_ms"`     // as the consumer saw it
}

// onceLID is what the one exchange asks for.
const onceLID simpul.Address = "master/Kota"

// Once calls the gateway as Bandung's application, over HTTP, and holds the
// hub's record against what arrived.
func (n *Nation) Once(ctx context.Context, gateway string) (Exchange, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, gateway+"/"+string(onceLID), nil)
	if err != nil {
		return Exchange{}, err
	}
	r.Header.Set("X-API-Key", n.Credentials.APIKey)
	start := time.Now()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return Exchange{}, fmt.Errorf("call the gateway: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return Exchange{}, fmt.Errorf("read the answer: %w", err)
	}
	x := Exchange{
		ID: simpul.ExchangeID(res.Header.Get("Exchange-Id")), LID: onceLID, Status: res.StatusCode, Hubs: []simpul.AgencyID{Operator},
		DurationMS: float64(time.Since(start).Microseconds()) / 1000,
	}
	if res.StatusCode != http.StatusOK {
		return x, fmt.Errorf("the gateway answered %d: %s", res.StatusCode, body)
	}
	var page struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return x, fmt.Errorf("decode the answer: %w", err)
	}
	x.Items = len(page.Items)
	x.Body = sha256.Sum256(body)

	record, err := n.Hub.Exchanges.Get(ctx, simpul.NationScope(), x.ID)
	if err != nil {
		return x, fmt.Errorf("find the record: %w", err)
	}
	if err := agree(record, body); err != nil {
		x.Evidence = "invalid"
		return x, err
	}
	x.Evidence = "valid"
	return x, nil
}

// agree checks that the record tells of the answer that arrived.
func agree(record evidence.Indexed, body []byte) error {
	x := record.Exchange
	switch {
	case x.Address != onceLID || x.Consumer.Application != BandungApplication || x.Provider != ProviderAgency:
		return fmt.Errorf("the record is of another exchange: %s called %s", x.Consumer.Application, x.Address)
	case x.Status != http.StatusOK || x.ResponseBytes != int64(len(body)):
		return fmt.Errorf("the record has status %d and %d bytes, the answer 200 and %d", x.Status, x.ResponseBytes, len(body))
	case x.ResponseDigest != simpul.DigestOf(sha256.Sum256(body)): // the LID is open
		return fmt.Errorf("the record's digest is not the answer's")
	}
	return nil
}
