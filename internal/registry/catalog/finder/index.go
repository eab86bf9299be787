package finder

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mostParts is how many changes an index takes before it is built anew. Each
// batch of changes becomes a part of its own that every search reads, and an
// index in memory does not merge them.
const mostParts = 400

// gathered is how many changes wait for the first search that needs them: taken
// in together they cost little more than one, and make one part of the index.
const gathered = 64

// Index finds documents. The zero Index is not ready; see [New].
type Index struct {
	now     atomic.Pointer[edition]
	waiting atomic.Bool // whether there are changes that no search has needed yet

	turn    sync.Mutex // guards what follows
	docs    map[string]Document
	changes map[string]*Document // by identifier; nil for one that goes
}

// edition is one bleve index, with the words that it knows. Changes go into it
// until there are too many.
type edition struct {
	bleve      bleve.Index
	lexicon    lexicon
	parts      int
	vocabulary atomic.Pointer[vocabulary]
}

// vocabulary is the words of all documents.
type vocabulary struct {
	count  map[string]int // documents that have it
	sorted []string
}

// New returns an empty index. It must be closed.
func New() (*Index, error) {
	x := &Index{docs: map[string]Document{}, changes: map[string]*Document{}}
	e, err := newEdition(readLexicon(), x.docs)
	if err != nil {
		return nil, err
	}
	x.now.Store(e)
	return x, nil
}

// Close lets go of the memory. No search may be under way.
func (x *Index) Close() error {
	x.turn.Lock()
	defer x.turn.Unlock()
	return x.now.Load().bleve.Close()
}

// Apply puts in or replaces documents and takes others out. Every search that
// begins afterwards sees it.
func (x *Index) Apply(put []Document, remove []string) error {
	x.turn.Lock()
	defer x.turn.Unlock()
	for _, id := range remove {
		x.changes[id] = nil
	}
	for _, d := range put {
		x.changes[d.ID] = &d
	}
	if len(x.changes) < gathered {
		x.waiting.Store(len(x.changes) > 0)
		return nil
	}
	return x.settle()
}

// takeIn takes in what waits for a search.
func (x *Index) takeIn() error {
	if !x.waiting.Load() {
		return nil
	}
	x.turn.Lock()
	defer x.turn.Unlock()
	return x.settle()
}

// settle takes in all changes at once. They stay where it fails.
func (x *Index) settle() error {
	if len(x.changes) == 0 { // another search took them in meanwhile
		return nil
	}
	put, remove := sides(x.changes)
	if err := x.enter(put, remove); err != nil {
		return err
	}
	clear(x.changes)
	x.waiting.Store(false)
	return nil
}

func sides(changes map[string]*Document) (put []Document, remove []string) {
	for id, d := range changes {
		if d == nil {
			remove = append(remove, id)
		} else {
			put = append(put, *d)
		}
	}
	return put, remove
}

func (x *Index) enter(put []Document, remove []string) error {
	e := x.now.Load()
	words := e.vocabulary.Load().copy()
	for _, id := range remove {
		words.forget(x.docs, id)
	}
	for _, d := range put {
		words.forget(x.docs, d.ID)
		words.learn(x.docs, d)
	}
	if e.parts >= mostParts || len(put) > len(x.docs)/2 && len(put) > mostParts {
		return x.renew(e)
	}
	if err := e.change(put, remove); err != nil {
		return err
	}
	words.sort()
	e.vocabulary.Store(words)
	return nil
}

// renew builds the index anew from its documents; searches go on in the old one
// until it is ready.
func (x *Index) renew(old *edition) error {
	fresh, err := newEdition(old.lexicon, x.docs)
	if err != nil {
		return err
	}
	x.now.Store(fresh)
	return old.bleve.Close() // waits for the searches under way
}

func newEdition(l lexicon, docs map[string]Document) (*edition, error) {
	b, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	e := &edition{bleve: b, lexicon: l}
	words := &vocabulary{count: map[string]int{}}
	for _, d := range docs {
		words.add(d, 1)
	}
	words.sort()
	e.vocabulary.Store(words)
	if len(docs) == 0 {
		return e, nil
	}
	return e, e.change(slices.Collect(maps.Values(docs)), nil)
}

// newMapping indexes words as they come, since words.go has cut them, and stores
// nothing but the identifiers.
func newMapping() mapping.IndexMapping {
	const plainly = "plainly"
	m := bleve.NewIndexMapping()
	m.AddCustomAnalyzer(plainly, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}) // cannot fail: both are compiled in
	m.DefaultAnalyzer, m.ScoringModel = plainly, "bm25"
	document := bleve.NewDocumentStaticMapping()
	for _, f := range fields() {
		text := bleve.NewTextFieldMapping()
		text.Analyzer, text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = plainly, false, false, false, false
		document.AddFieldMappingsAt(f.name, text)
	}
	m.DefaultMapping = document
	return m
}

func (e *edition) change(put []Document, remove []string) error {
	batch := e.bleve.NewBatch()
	for _, id := range remove {
		batch.Delete(id)
	}
	for _, d := range put {
		texts := map[string]any{}
		for name, all := range d.parts() {
			texts[name] = strings.Join(all, " ")
		}
		if err := batch.Index(d.ID, texts); err != nil {
			return fmt.Errorf("index %s: %w", d.ID, err)
		}
	}
	e.parts++
	if err := e.bleve.Batch(batch); err != nil {
		return fmt.Errorf("change search index: %w", err)
	}
	return nil
}

func (v *vocabulary) copy() *vocabulary { return &vocabulary{count: maps.Clone(v.count)} }

func (v *vocabulary) sort() { v.sorted = slices.Sorted(maps.Keys(v.count)) }

func (v *vocabulary) forget(docs map[string]Document, id string) {
	if d, ok := docs[id]; ok {
		v.add(d, -1)
		delete(docs, id)
	}
}

func (v *vocabulary) learn(docs map[string]Document, d Document) {
	v.add(d, 1)
	docs[d.ID] = d
}

func (v *vocabulary) add(d Document, n int) {
	for _, words := range d.parts() {
		for _, word := range words {
			if v.count[word] += n; v.count[word] == 0 {
				delete(v.count, word)
			}
		}
	}
}

// known reports whether a document has the word.
func (e *edition) known(word string) bool { return e.vocabulary.Load().count[word] > 0 }

// begins reports whether a document has a word that begins so.
func (e *edition) begins(prefix string) bool {
	all := e.vocabulary.Load().sorted
	i := sort.SearchStrings(all, prefix)
	return i < len(all) && strings.HasPrefix(all[i], prefix)
}

// Hit is one document that was found.
type Hit struct {
	ID    string
	Score float64 // higher is better; comparable within one answer only
}

// Answer is what a search found, the best first.
type Answer struct {
	Hits  []Hit
	Loose bool // no document has all the words; these have most
}

// Search finds documents for what somebody typed. Nothing typed finds nothing.
func (x *Index) Search(text string) (Answer, error) {
	if err := x.takeIn(); err != nil {
		return Answer{}, err
	}
	for {
		e := x.now.Load()
		answer, err := e.answer(text)
		if errors.Is(err, bleve.ErrorIndexClosed) && x.now.Load() != e {
			continue // built anew in between
		}
		return answer, err
	}
}

func (e *edition) answer(text string) (Answer, error) {
	units := e.lexicon.units(text)
	hard := 0
	for _, u := range units {
		if !u.soft {
			hard++
		}
	}
	if hard == 0 {
		return Answer{}, nil
	}
	hits, err := e.search(units, hard)
	if err != nil || len(hits) > 0 || hard < 3 {
		return Answer{Hits: hits}, err
	}
	hits, err = e.search(units, (hard+1)/2)
	return Answer{Hits: hits, Loose: len(hits) > 0}, err
}

func (e *edition) search(units []unit, least int) ([]Hit, error) {
	count, err := e.bleve.DocCount()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	request := bleve.NewSearchRequestOptions(e.ask(units, least), int(count), 0, false)
	result, err := e.bleve.Search(request)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := make([]Hit, len(result.Hits))
	for i, h := range result.Hits {
		hits[i] = Hit{h.ID, math.Round(h.Score*precision) / precision}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return hits, nil
}

// precision keeps scores apart that mean something: sums of the same terms in
// another order differ in their last digits.
const precision = 1e6
