package agency

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type agencyInput struct {
	ID string `path:"id"`
}

type approvalBody struct {
	Standing     Standing        `json:"standing"`
	LetterNumber string          `json:"letterNumber,omitempty"`
	LetterDate   string          `json:"letterDate,omitempty"`
	DecidedBy    string          `json:"decidedBy,omitempty"`
	DecidedAt    *time.Time      `json:"decidedAt,omitempty"`
	Suspension   *suspensionBody `json:"suspension,omitempty" doc:"Absent for an agency that may exchange"`
}

type suspensionBody struct {
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	Since  time.Time `json:"since"`
}

type approvalOutput struct{ Body approvalBody }

func approvalShown(a Approval) *approvalOutput {
	out := &approvalOutput{approvalBody{Standing: a.Standing, LetterNumber: a.LetterNumber, LetterDate: a.LetterDate, DecidedBy: a.DecidedBy, DecidedAt: orNil(a.DecidedAt)}}
	if s := a.Suspension; !s.Since.IsZero() {
		out.Body.Suspension = &suspensionBody{s.Reason, s.By, s.Since}
	}
	return out
}

type standingInput struct {
	ID   string `path:"id"`
	Body struct {
		Standing     string `json:"standing" enum:"trial,operational" doc:"The next step: trial after admitted, operational after trial; trial takes the approval back"`
		LetterNumber string `json:"letterNumber,omitempty" maxLength:"100" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Number of the letter of approval; required for operational"`
		LetterDate   string `json:"letterDate,omitempty" format:"date" doc:"Date of the letter; required for operational"`
	}
}

type suspensionInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"3" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Why, in words that the agency is shown"`
	}
}

func registerStanding(api *httpapi.API, agencies *Agencies) {
	const tag, path = "agencies", "/agencies/{id}/standing"
	httpapi.Register(api, httpapi.Operation{ID: "get-standing", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "Read how far an agency is admitted, and whether it is suspended", Need: simpul.ReadAgencies},
		func(ctx context.Context, p simpul.Principal, in *agencyInput) (*approvalOutput, error) {
			approval, err := agencies.Approval(ctx, p, in.ID)
			return approvalShown(approval), err
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-standing", Method: http.MethodPut, Path: path, Tag: tag,
		Summary: "Move an agency to its next standing", Need: simpul.ApproveAgencies},
		func(ctx context.Context, p simpul.Principal, in *standingInput) (*approvalOutput, error) {
			standing, err := parseStanding(in.Body.Standing)
			if err != nil {
				return nil, inBody(err)
			}
			approval, err := agencies.Decide(ctx, p, in.ID, Decision{standing, in.Body.LetterNumber, in.Body.LetterDate})
			return approvalShown(approval), inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "suspend-agency", Method: http.MethodPut, Path: "/agencies/{id}/suspension", Tag: tag,
		Summary: "Suspend an agency, with the reason", Status: http.StatusNoContent, Need: simpul.ApproveAgencies},
		func(ctx context.Context, p simpul.Principal, in *suspensionInput) (*struct{}, error) {
			return nil, inBody(agencies.Suspend(ctx, p, in.ID, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Operation{ID: "reinstate-agency", Method: http.MethodDelete, Path: "/agencies/{id}/suspension", Tag: tag,
		Summary: "End the suspension of an agency", Status: http.StatusNoContent, Need: simpul.ApproveAgencies},
		func(ctx context.Context, p simpul.Principal, in *agencyInput) (*struct{}, error) {
			return nil, agencies.Reinstate(ctx, p, in.ID)
		})
}

type allowlistBody struct {
	Addresses []string `json:"addresses" maxItems:"200" doc:"Addresses and CIDR networks; anywhere when empty" example:"[\"103.12.4.0/24\"]"`
}

type allowlistInput struct {
	ID   string `path:"id"`
	Body allowlistBody
}

type allowlistOutput struct{ Body allowlistBody }

func registerAllowlist(api *httpapi.API, agencies *Agencies) {
	const tag, path = "agencies", "/agencies/{id}/addresses"
	httpapi.Register(api, httpapi.Operation{ID: "get-addresses", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "Read from where an agency's applications may call", Need: simpul.ReadAgencies},
		func(ctx context.Context, p simpul.Principal, in *agencyInput) (*allowlistOutput, error) {
			list, err := agencies.Allowlist(ctx, p, in.ID)
			return &allowlistOutput{allowlistBody{append([]string{}, list...)}}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-addresses", Method: http.MethodPut, Path: path, Tag: tag,
		Summary: "Replace from where an agency's applications may call", Need: simpul.WriteAgencies},
		func(ctx context.Context, p simpul.Principal, in *allowlistInput) (*allowlistOutput, error) {
			err := agencies.SetAllowlist(ctx, p, in.ID, in.Body.Addresses)
			return &allowlistOutput{in.Body}, inBody(err)
		})
}

type unitBody struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty" doc:"Unit of which it is a part; absent at the top"`
}

type unitsOutput struct{ Body httpapi.List[unitBody] }

type putUnitInput struct {
	ID   string `path:"id"`
	Unit string `path:"unit"`
	Body struct {
		Name   string `json:"name" minLength:"2" maxLength:"200" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Name of the unit" example:"Bidang Aplikasi"`
		Parent string `json:"parent,omitempty" maxLength:"63" doc:"Unit of which it is a part; absent at the top"`
	}
}

type unitOutput struct{ Body unitBody }

type oneUnitInput struct {
	ID   string `path:"id"`
	Unit string `path:"unit"`
}

func registerUnits(api *httpapi.API, agencies *Agencies) {
	const tag, path = "agencies", "/agencies/{id}/units"
	httpapi.Register(api, httpapi.Operation{ID: "list-units", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "List the units of an agency", Need: simpul.ReadAgencies},
		func(ctx context.Context, p simpul.Principal, in *agencyInput) (*unitsOutput, error) {
			units, err := agencies.Units(ctx, p, in.ID)
			out := &unitsOutput{httpapi.List[unitBody]{Items: make([]unitBody, len(units))}}
			for i, u := range units {
				out.Body.Items[i] = unitBody(u)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-unit", Method: http.MethodPut, Path: path + "/{unit}", Tag: tag,
		Summary: "Create or replace a unit of an agency", Need: simpul.WriteAgencies},
		func(ctx context.Context, p simpul.Principal, in *putUnitInput) (*unitOutput, error) {
			unit := Unit{in.Unit, in.Body.Name, in.Body.Parent}
			return &unitOutput{unitBody(unit)}, inBody(agencies.PutUnit(ctx, p, in.ID, unit))
		})
	httpapi.Register(api, httpapi.Operation{ID: "delete-unit", Method: http.MethodDelete, Path: path + "/{unit}", Tag: tag,
		Summary: "Delete a unit to which nothing belongs", Status: http.StatusNoContent, Need: simpul.WriteAgencies},
		func(ctx context.Context, p simpul.Principal, in *oneUnitInput) (*struct{}, error) {
			return nil, agencies.DeleteUnit(ctx, p, in.ID, in.Unit)
		})
}
