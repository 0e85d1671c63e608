import type { JsonClient } from './http-json.js';

export const PRICE_LIST = 'Price list.pdf';

/** Attaches a file as a rep does: its bytes first, which answers the id that emails name it by. */
export async function uploadPriceList(client: JsonClient): Promise<string> {
  const path = `/v1/files?name=${encodeURIComponent(PRICE_LIST)}`;
  const { id } = await client.upload<{ id: string }>(path, priceList());
  return id;
}

/** Whether the file opens by the link in a message, as it was uploaded. */
export async function opensByLink(html: string | null): Promise<boolean> {
  const link = /href="(https?:\/\/[^"]+\/c\/[^"]+)"/.exec(html ?? '')?.[1];
  if (link === undefined) return false;
  const response = await fetch(link, { signal: AbortSignal.timeout(30_000) });
  return response.ok && Buffer.from(await response.arrayBuffer()).equals(priceList());
}

const LINES = ['Northwind', 'Price list', 'A quarter of an hour: free', 'Everything else: ask us'];

/** A page of text in the least that readers of PDF open (ISO 32000-1, 7.5). */
function priceList(): Buffer {
  const text = LINES.map((line, nth) => `BT /F1 ${nth < 2 ? 24 : 14} Tf 72 ${740 - nth * 40} Td (${line}) Tj ET`);
  const stream = text.join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, nth) => {
    const place = file.length;
    file += `${nth + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const start = file.length;
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(`${file}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
}
