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
	return h.search(ctx, nil, path...)
}

// search is list, narrowed by a query.
func (h *hub) search(ctx context.Context, query url.Values, path ...string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		seen := map[string]bool{}
		for cursor := ""; ; {
			items, next, err := h.page(ctx, path, query, cursor)
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

func (h *hub) page(ctx context.Context, path []string, narrowed url.Values, cursor string) (items []json.RawMessage, next string, err error) {
	query := url.Values{}
	maps.Copy(query, narrowed)
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
	}
	if err := json.Unmarshal(got.body, &page); err != nil {
		return nil, "", puzzling(err)
	}
	return page.Items, page.Next, nil
}
