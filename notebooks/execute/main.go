// Command execute runs lab notebooks from their first cell to their last, in a
// kernel of its own, and fails when any cell does. Jupyter itself does not: a
// cell that panics, or whose command fails, still counts as executed.
//
//	execute [--smoke] [--write] [NOTEBOOK.ipynb]...
//
// It is started in the notebooks folder, without names for all. HTML copies go
// to ../results/notebooks; --write also puts the outputs into the notebooks.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "notebooks: %v\n", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("execute", flag.ContinueOnError)
	smoke := flags.Bool("smoke", false, "run everything at the smallest size")
	write := flags.Bool("write", false, "put the outputs into the notebooks themselves")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files := flags.Args()
	if len(files) == 0 {
		var err error
		if files, err = filepath.Glob("*.ipynb"); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no notebook here: start this in the folder notebooks")
	}
	scratch, err := os.MkdirTemp("", "assay-notebooks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	j, err := setUp(ctx, scratch)
	if err != nil {
		return err
	}
	j.smoke = *smoke
	var bad []string
	for _, file := range files {
		fmt.Printf("%s ...\n", file)
		text, err := j.execute(ctx, file)
		if err == nil {
			err = j.html(ctx, file, text)
		}
		if err == nil && *write {
			err = replace(file, text)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted in %s", file)
		}
		if err != nil {
			fmt.Printf("%s: %v\n", file, err)
			bad = append(bad, file)
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("%d of %d notebooks failed: %s", len(bad), len(files), strings.Join(bad, ", "))
	}
	return nil
}

// replace writes a file whole or not at all.
func replace(file string, data []byte) error {
	if err := os.WriteFile(file+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
