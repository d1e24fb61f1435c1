// Sending a file and showing how far it is: the bytes as they leave, then the rows as the service checks and writes them.
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { HttpProblem } from '../../api/session';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import {
  ImportAssessmentResponseSchema,
  ImportProgress_Phase as Phase,
  ImportService,
  type ImportAssessmentResponse,
} from '../../gen/fivestrand/assessment/v1/import_service_pb';
import { uploadPath, type UploadOptions } from '../../model/import';

const POLL_MS = 500;

export interface UploadState {
  requestId: string;
  sent: number;
  size: number;
}

export function useUpload() {
  const [state, setState] = useState<UploadState | undefined>();
  const running = useRef<XMLHttpRequest | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const send = useCallback(async (file: File, options: UploadOptions): Promise<ImportAssessmentResponse> => {
    // fetch does not tell how much has left.
    const request = new XMLHttpRequest();
    running.current = request;
    setState({ requestId: options.requestId, sent: 0, size: file.size });
    try {
      const text = await new Promise<string>((resolve, reject) => {
        request.upload.onprogress = (event) => setState({ requestId: options.requestId, sent: event.loaded, size: event.total || file.size });
        request.onload = () => (request.status === 200 ? resolve(request.responseText) : reject(new HttpProblem(request.status)));
        request.onerror = () => reject(new TypeError('not sent'));
        request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
        request.open('POST', uploadPath(options));
        request.setRequestHeader('content-type', 'text/csv');
        request.setRequestHeader('accept', 'application/json');
        request.send(file);
      });
      return fromJson(ImportAssessmentResponseSchema, JSON.parse(text) as JsonValue, { ignoreUnknownFields: true });
    } finally {
      running.current = undefined;
      setState(undefined);
    }
  }, []);
  return { state, send, cancel: useCallback(() => running.current?.abort(), []) };
}

const PHASES: Record<Phase, string> = {
  [Phase.PHASE_UNSPECIFIED]: 'Sending',
  [Phase.RECEIVING]: 'Sending',
  [Phase.CHECKING]: 'Checking rows',
  [Phase.WRITING]: 'Writing',
};

export function UploadProgress({ state, onCancel }: { state: UploadState; onCancel: () => void }) {
  const { trust } = useSession();
  const client = useClient(ImportService);
  const [phase, setPhase] = useState(Phase.RECEIVING);
  const [rows, setRows] = useState(0);
  const [share, setShare] = useState(0);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async () => {
      try {
        const progress = await client.readImportProgress({ parent: trust, requestId: state.requestId });
        if (stopped) return;
        setPhase(progress.phase);
        setRows(Number(progress.rowCount));
        setShare(progress.share);
      } catch {
        // Not begun yet, or over: the answer tells.
      }
      if (!stopped) timer = setTimeout(() => void poll(), POLL_MS);
    };
    timer = setTimeout(() => void poll(), POLL_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, trust, state.requestId]);
  const sending = state.sent < state.size;
  const done = sending ? state.sent / Math.max(1, state.size) : share;
  return (
    <div className="progress">
      <label>
        {PHASES[sending ? Phase.RECEIVING : phase]}
        {rows > 0 && `, ${rows.toLocaleString('en-GB')} rows`}, {Math.round(done * 100)} %
        <progress value={done} max={1} />
      </label>
      <Button variant="default" size="sm" onClick={onCancel}>
        Stop
      </Button>
    </div>
  );
}
