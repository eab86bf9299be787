package main

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"net/http"
	"net/url"
)

// list walks a collection to its end, page by page.
func (h *hub) list(ctx context.Context, path ...string) iter.Seq2[json.RawMessage, error] {
	return h.listWhere(ctx, nil, path...)
}

// listWhere walks what of a collection the filter's parameters leave.
func (h *hub) listWhere(ctx context.Context, filter url.Values, path ...string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		seen := map[string]bool{}
		for cursor := ""; ; {
			items, next, err := h.page(ctx, path, filter, cursor)
			if err == nil && seen[next] {
				err = h.strange(text("Daftar dari %s berputar.", "The list of %s goes round in circles.", h.base))
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			seen[next], cursor = true, next
		}
	}
}

func (h *hub) page(ctx context.Context, path []string, filter url.Values, cursor string) (items []json.RawMessage, next string, err error) {
	query := url.Values{}
	maps.Copy(query, filter)
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	got, err := h.call(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Items []json.RawMessage `json:"items"`
		Next  string            `json:"next"`
		lag
	}
	if err := json.Unmarshal(got.body, &page); err != nil {
		return nil, "", puzzling(err)
	}
	h.lag = page.lag
	return page.Items, page.Next, nil
}
