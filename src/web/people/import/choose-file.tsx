import { Alert, Button, Progress, SegmentedControl } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { sentenceOf } from '../../api/problem';
import { sizeWords } from '../../files/attached';
import { useTitle } from '../../ui/use-title';
import { type ChosenFile, keepSamples, lookAt } from './chosen-file';
import { SourceTabs } from './source-tabs';
import { Steps } from './steps';
import { upload } from './upload';

export function ChooseFile() {
  useTitle('Import · People');
  const [, go] = useLocation();
  const [chosen, setChosen] = useState<ChosenFile>();
  const [wrong, setWrong] = useState<string>();
  const [part, setPart] = useState<number>();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    // A page that is left sends no more.
    return () => controller.abort();
  }, []);

  async function choose(file: File | undefined) {
    if (!file) return;
    const seen = await lookAt(file);
    setChosen(typeof seen === 'string' ? undefined : seen);
    setWrong(typeof seen === 'string' ? seen : undefined);
  }
  async function send({ file, delimiter, samples }: ChosenFile) {
    setWrong(undefined);
    setPart(0);
    try {
      const { id } = await upload({ file, delimiter, onProgress: setPart, signal: stop.current.signal });
      keepSamples(id, samples);
      go(`/people/import/${id}`, { replace: true });
    } catch (error) {
      setWrong(sentenceOf(error));
      setPart(undefined);
    }
  }
  const isBusy = part !== undefined;
  return (
    <Steps at={0}>
      <SourceTabs present="file" />
      <div
        className="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          if (!isBusy) void choose(event.dataTransfer.files[0]);
        }}
      >
        <IconFileSpreadsheet size={34} stroke={1.4} aria-hidden="true" />
        <p>
          <strong>{chosen ? chosen.file.name : 'Drop a CSV file here'}</strong>
          <span className="quiet">
            {chosen ? sizeWords(chosen.file.size) : 'UTF-8, headers in the first line; at most 100,000 rows and 50 MB'}
          </span>
        </p>
        <label className="sr-only" htmlFor="import-file">
          CSV file
        </label>
        <input
          id="import-file"
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="sr-only"
          tabIndex={-1}
          disabled={isBusy}
          onChange={({ currentTarget }) => void choose(currentTarget.files?.[0])}
        />
        <Button variant="default" disabled={isBusy} onClick={() => input.current?.click()}>
          {chosen ? 'Choose another' : 'Choose a file'}
        </Button>
      </div>
      {wrong !== undefined && (
        <Alert color="red" role="alert">
          {wrong}
        </Alert>
      )}
      {chosen && (
        <div>
          <span className="label" id="import-delimiter">
            Between the columns
          </span>
          <SegmentedControl
            aria-labelledby="import-delimiter"
            disabled={isBusy}
            value={chosen.delimiter}
            onChange={(delimiter) => setChosen({ ...chosen, delimiter: delimiter })}
            data={[
              { value: 'comma', label: 'Comma' },
              { value: 'semicolon', label: 'Semicolon' },
              { value: 'tab', label: 'Tab' },
            ]}
          />
        </div>
      )}
      {isBusy && (
        <div role="status">
          <Progress value={part * 100} aria-label="Upload" />
          <p className="quiet">{part < 1 ? `${Math.round(part * 100)} % sent` : 'Reading the file …'}</p>
        </div>
      )}
      <div className="buttons buttons-left">
        <Button disabled={!chosen} loading={isBusy} onClick={() => chosen && void send(chosen)}>
          Upload
        </Button>
      </div>
      <p className="quiet">Nobody is imported yet: next you say what the columns are, and may try it first.</p>
    </Steps>
  );
}
