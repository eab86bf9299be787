package console

import (
	"context"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type snippetInput struct {
	Group     string   `path:"group"`
	Name      string   `path:"name"`
	Language  string   `query:"language" enum:"curl,go,python,php,java,javascript" default:"curl"`
	Operation string   `query:"operation" maxLength:"500" doc:"As the contract writes it: GET /{kode}; the first one when absent" example:"GET /{kode}"`
	Values    []string `query:"value,explode" maxItems:"200" doc:"Values of parameters, each as name=value" example:"[\"kode=32.73\"]"`
}

// Snippet is a call as a program.
type snippetBody struct {
	Language string `json:"language"`
	File     string `json:"file" doc:"A name for it"`
	Text     string `json:"text" doc:"The program. It takes the key from the environment variable SIMPUL_API_KEY"`
}

type snippetOutput struct{ Body snippetBody }

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "write-snippet", Method: http.MethodGet, Path: "/lids/{group}/{name}/snippets", Tag: "lids", Need: simpul.ReadLIDs,
		Summary: "Write a call of a published LID as a program"},
		func(ctx context.Context, _ simpul.Principal, in *snippetInput) (*snippetOutput, error) {
			subject, err := s.Subject(ctx, in.Group+"/"+in.Name)
			if err != nil {
				return nil, err
			}
			e, err := named(subject, in.Operation, in.Values)
			if err != nil {
				return nil, err
			}
			language, text, err := s.Snippet(subject, in.Language, e)
			return &snippetOutput{snippetBody{language.Name, language.File, text}}, err
		})
}

// named finds the parameters that values are named for.
func named(s Subject, operation string, values []string) (Entered, error) {
	e := Entered{Operation: operation, Values: map[string]string{}}
	o, ok := s.operation(operation)
	if !ok {
		return e, simpul.NotFound(kindOperation, operation)
	}
	for _, pair := range values {
		name, value, _ := strings.Cut(pair, "=")
		found := false
		for _, p := range o.Parameters {
			if p.Name == name {
				e.Values[valueKey(p)], found = value, true
			}
		}
		if !found {
			return e, bad("query.value", "Operasi ini tidak punya parameter \""+shortened(name)+"\".", "This operation has no parameter \""+shortened(name)+"\".",
				"Lihat nama parameter pada kontrak LID.", "See the names of parameters in the LID's contract.")
		}
	}
	return e, nil
}

func shortened(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}
