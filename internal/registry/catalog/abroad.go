package catalog

import (
	"context"
	"fmt"
	"net/url"
	"sync"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog/dcat"
	"simpul/internal/registry/catalog/finder"
)

// abroad is what other catalogues have, in memory, to be found beside the LIDs.
type abroad struct {
	db    *sqldb.DB
	index *finder.Index
	mu    sync.RWMutex
	held  map[string]harvested // by key
}

// Foreign is an entry of another catalogue, as a list shows it.
type Foreign struct {
	dcat.Entry
	Host string // of the catalogue it stands in
}

// reread takes in again what a source has, or all sources where it is "".
func (a *abroad) reread(ctx context.Context, source string) error {
	var now []harvested
	err := a.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) (err error) {
		now, err = harvestedOf(ctx, tx, source)
		return err
	})
	if err != nil {
		return fmt.Errorf("read harvested entries: %w", err)
	}
	put, remove := a.differences(source, now)
	if len(put)+len(remove) == 0 {
		return nil
	}
	return a.index.Apply(put, remove)
}

// differences brings what is held up to date and returns what that means for the
// index.
func (a *abroad) differences(source string, now []harvested) (put []finder.Document, remove []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	there := map[string]bool{}
	for _, h := range now {
		there[h.key()] = true
		if old, ok := a.held[h.key()]; ok && old.document == h.document {
			continue
		}
		a.held[h.key()] = h
		put = append(put, finder.Document{ID: h.key(), Title: h.entry.Title, Keywords: h.entry.Keywords, Agency: h.entry.Publisher, About: h.entry.Description})
	}
	for key, h := range a.held {
		if !there[key] && (source == "" || h.source == source) {
			delete(a.held, key)
			remove = append(remove, key)
		}
	}
	return put, remove
}

// search returns the best entries for a text, and how many there are.
func (a *abroad) search(text string, most int) (some []Foreign, total int, err error) {
	answer, err := a.index.Search(text)
	if err != nil || answer.Loose {
		return nil, 0, err // what has only some of the words is worth showing of LIDs alone
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, hit := range answer.Hits {
		if h, ok := a.held[hit.ID]; ok && len(some) < most {
			some = append(some, Foreign{h.entry, host(h.source)})
		}
	}
	return some, len(answer.Hits), nil
}

func host(source string) string {
	u, err := url.Parse(source)
	if err != nil {
		return source
	}
	return u.Hostname()
}
