package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// executed is a notebook of one code cell with one output.
func executed(t *testing.T, output map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(notebook{
		"cells": []any{
			object{"cell_type": "markdown", "metadata": object{}, "source": "# t"},
			object{
				"cell_type": "code", "metadata": object{"execution": object{"iopub.status.busy": "now"}, "tags": []any{"kept"}},
				"outputs": []any{output}, "source": "%%\nx()",
			},
		},
		"metadata": object{"language_info": object{"version": "go1.99"}, "kernelspec": object{"name": "gonb"}}, "nbformat": 4,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func stream(text any) map[string]any {
	return map[string]any{"output_type": "stream", "name": "stderr", "text": text}
}

func TestACellThatFailedFailsTheNotebookThoughJupyterIsContent(t *testing.T) {
	t.Parallel()
	for want, output := range map[string]map[string]any{
		"cell 2: panic: no":               stream([]any{"panic: no\n", "\n", "goroutine 1 [running]:\n", "exit status 2\n"}),
		"cell 2: no figure \"x\"":         stream("no figure \"x\"\nexit status 1\n"),
		"cell 2: --- FAIL: TestX (0.00s)": stream([]any{"--- FAIL: TestX (0.00s)\n"}),
		"cell 2: fatal error: deadlock":   stream("fatal error: deadlock\n"),
		"cell 2: ERROR: it does not run":  {"output_type": "error", "ename": "ERROR", "evalue": "it does not run"},
	} {
		if _, err := tidy(executed(t, output)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTidyKeepsWhatAReaderNeedsAndNothingOfTheMachine(t *testing.T) {
	t.Parallel()
	out, err := tidy(executed(t, stream("written to /tmp/gonb_1a2b/run-x\nthe exit status of nobody\n")))
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, gone := range []string{"/tmp/", "iopub", "go1.99"} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is still there: %s", gone, text)
		}
	}
	for _, kept := range []string{"written to TEMP", "kept", "kernelspec", "x()"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%s is gone: %s", kept, text)
		}
	}
	again, err := tidy(out)
	if err != nil || string(again) != text {
		t.Errorf("tidied twice it differs: %v", err)
	}
}

func FuzzTidySurvivesGarbage(f *testing.F) {
	for _, seed := range []string{``, `{}`, `{"cells":[1]}`, `{"cells":[{"outputs":[null,{"output_type":"stream","text":[1,null]}]}]}`, `[]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if out, err := tidy(data); err == nil && !json.Valid(out) {
			t.Fatalf("%q", out)
		}
	})
}
